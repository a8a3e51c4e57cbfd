group = "org.example.kt"
