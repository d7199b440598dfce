import { BadRequest } from './bad-request.js';
import { roundMoney, taxOf } from './tax.js';

/**
 * What a cart costs in a region.
 * cart: { items: [{ sku, quantity, price }] }, at most 100 items; prices without tax. customer: { name, orders }, undefined for a guest.
 * Returns { customer, items, net, tax: { country, name, rate, amount }, total, currency }.
 */
export function checkout(cart, { region, currency, customer }) {
  const items = itemsOf(cart);
  const net = items.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  const tax = taxOf(region);
  const taxAmount = net * tax.rate;
  return {
    customer: customer?.name ?? null,
    items: items.length,
    net: roundMoney(net),
    tax: { ...tax, amount: roundMoney(taxAmount) },
    total: roundMoney(net + taxAmount),
    currency,
  };
}

function itemsOf(cart) {
  const items = cart?.items;
  if (!Array.isArray(items) || items.length === 0 || items.length > 100) throw new BadRequest('a cart has 1 to 100 items');
  if (!items.every(isItem)) throw new BadRequest('an item is { sku, quantity, price }, with a quantity of at least 1 and a price of at least 0');
  return items;
}

const isItem = (item) =>
  typeof item?.sku === 'string' && Number.isInteger(item.quantity) && item.quantity >= 1 && Number.isFinite(item.price) && item.price >= 0;
