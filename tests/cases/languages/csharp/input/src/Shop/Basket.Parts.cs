namespace Example.Shop;

public partial class Basket<T>
{
    /// <summary>Takes everything out.</summary>
    public void Clear() { }
}

/// <summary>Holds things.</summary>
public abstract class Shelf<T>
{
    /// <summary>What all of it costs.</summary>
    public abstract long Price();
}

/// <summary>Has a price.</summary>
 public interface IPriced
{
    /// <summary>In cents.</summary>
    long Price();
    int Discount { get; set; }
}

/// <summary>A thing.</summary>
public readonly record struct Thing(string Name, int Weight = 1);

class NotOffered { public void No() { } }

/// <summary>Helps with things.</summary>
public static class ThingExtensions
{
    /// <summary>Is it heavy?</summary>
    public static bool IsHeavy(this Thing thing) => thing.Weight > 10;
}
