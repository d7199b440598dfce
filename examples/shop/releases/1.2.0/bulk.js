const bulkFromItems = 10;
const bulkRate = 0.08;

// What tax is due on, once a bulk order has become cheaper: the law differs.
const taxedAmounts = {
  VAT: (listPrice, discount) => listPrice - discount, // on what the customer pays
  'Sales tax': (listPrice) => listPrice, // a volume rebate counts as paid back after the sale
};

/** What an order of more than nine items saves on `amount`. */
export const bulkDiscount = (items, amount) => (items.length >= bulkFromItems ? amount * bulkRate : 0);

/** The part of a bulk order that `tax` is due on. */
export const taxedAmount = (tax, listPrice, discount) => taxedAmounts[tax.name](listPrice, discount);
