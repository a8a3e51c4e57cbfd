package org.example.shop

actual fun platform(): String = "JVM"
