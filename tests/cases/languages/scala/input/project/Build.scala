object Build { val version = "1" }
