package org.example.shop
class BasketTest { fun works() {} }
