/** Made-up but coherent money for a small business, the same for the same name every time. */
export interface Figures {
  readonly customersPerDay: number;
  readonly averageSale: number;
  readonly monthlySales: number;
  readonly monthlyCosts: number;
  readonly monthlyRent: number;
  readonly startUp: number;
  readonly staff: number;
  readonly breakEvenMonths: number;
}

const OPEN_DAYS = 26;

export function figuresFor(name: string): Figures {
  const seed = [...name.toLowerCase()].reduce(
    (sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973,
    7,
  );
  const customersPerDay = 90 + (seed % 8) * 10;
  const averageSale = 6 + (seed % 5);
  const monthlySales = customersPerDay * averageSale * OPEN_DAYS;
  const monthlyCosts = roundTo(monthlySales * (0.78 + (seed % 7) / 100), 100);
  const startUp = roundTo(monthlySales * (2.4 + (seed % 4) / 10), 1000);
  return {
    customersPerDay,
    averageSale,
    monthlySales: roundTo(monthlySales, 100),
    monthlyCosts,
    monthlyRent: roundTo(monthlySales * 0.12, 100),
    startUp,
    staff: 3 + (seed % 4),
    breakEvenMonths: Math.ceil(startUp / (monthlySales - monthlyCosts)),
  };
}

export function dollars(amount: number): string {
  return `$${amount.toLocaleString('en-US')}`;
}

function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step;
}
