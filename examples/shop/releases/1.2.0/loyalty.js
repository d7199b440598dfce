const loyalFromOrders = 10;
const loyaltyRate = 0.05;

/** What a customer with ten orders or more saves on `amount`. Guests save nothing. */
export const loyaltyDiscount = (customer, amount) => ((customer?.orders ?? 0) >= loyalFromOrders ? amount * loyaltyRate : 0);
