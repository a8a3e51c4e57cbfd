/**
 * Things to buy. Begin with {@link org.example.shop.Basket}.
 */
package org.example.shop;
