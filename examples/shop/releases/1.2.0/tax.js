// Where each region sells, and what the state takes there.
const countries = { sydney: 'AU', frankfurt: 'DE', virginia: 'US' };

const taxes = {
  AU: { country: 'AU', name: 'GST', rate: 0.1 },
  DE: { country: 'DE', name: 'VAT', rate: 0.19 },
  US: { country: 'US', name: 'Sales tax', rate: 0.053 },
};

/** The tax of the region's country: { country, name, rate }. Regions that are not listed sell as Virginia does. */
export const taxOf = (region) => taxes[countries[region] ?? 'US'];

/** Money is counted in cents. */
export const roundMoney = (amount) => Math.round(amount * 100) / 100;
