class ShopTest; def test_it; end; end
