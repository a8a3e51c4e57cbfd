namespace Example.Shop.Tests;
public class BasketTests { public void Works() { } }
