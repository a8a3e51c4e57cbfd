package org.example.core;

/** A core. */
public class Core {}
