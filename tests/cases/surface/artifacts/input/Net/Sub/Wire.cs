namespace Example.Wires;

/// <summary>A wire.</summary>
public class Wire { }
