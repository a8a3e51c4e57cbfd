module example.org/used

go 1.20
