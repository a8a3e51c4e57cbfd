package org.example.lib

/** A library. */
class Lib
