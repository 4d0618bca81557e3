import { dollars, figuresFor } from './figures.ts';

/** A business plan with eight sections; `name` is what the business is, such as `coffee shop`. */
export function businessPlan(name: string): string {
  const money = figuresFor(name);
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  return `# Business plan: ${title}

## Summary

This plan describes how to open a ${name} and bring it to a steady profit. The business serves people who live and work within fifteen minutes' walk, wins them with reliable quality and a friendly welcome, and keeps them with a simple loyalty offer. We need ${dollars(money.startUp)} to open. At ${money.customersPerDay} customers a day and an average sale of ${dollars(money.averageSale)}, monthly sales come to about ${dollars(money.monthlySales)}, and the opening cost is earned back after about ${money.breakEvenMonths} months.

## Concept

The ${name} does a few things and does them well. The offer is short enough to explain in one sentence, and every item on it can be made to the same standard by every member of staff. The room is bright, the service is quick at busy times and unhurried at quiet ones, and nobody has to ask for a price.

- **Promise:** the same good quality every day, from opening to closing.
- **Opening hours:** seven in the morning until six in the evening, six days a week.
- **Team:** ${money.staff} people at opening, of whom at least one has run a similar business before.
- **Difference:** local suppliers, named on the wall, and a regular evening event once a month.

## Market

There are three groups of customers. Commuters come early, know what they want and value speed. People who work nearby come around noon and stay for half an hour. Families and students come in the afternoon and at weekends and value the room as much as the product. Together, about eight thousand people pass within two streets of the kind of site that we are looking for on a working day; we need little more than one in a hundred of them.

Competition is real but uneven. The chains are quick and anonymous; the independents are well liked but close early and do not take orders in advance. A new ${name} that combines the speed of the first with the warmth of the second has room to grow.

## Marketing

The first customers come from the street, so the shop front is the first advertisement. Before opening, we offer two tasting days to the neighbours and invite the offices nearby. After opening, we rely on four steady channels:

1. A loyalty card, on paper and on the phone, with every tenth visit free.
2. A complete and honest entry on the online maps, with photographs and current hours.
3. One short post a day on a single social network, made by the team and not by an agency.
4. Partnerships with two neighbouring businesses that share our customers but not our products.

The marketing budget is ${dollars(Math.round(money.monthlySales * 0.03))} a month in the first half-year and half of that afterwards.

## Operations

The site should have between sixty and ninety square metres, a wide front and at most ${dollars(money.monthlyRent)} of rent a month. Two suppliers are under contract for each important item, so that one late delivery never closes the counter. Stock is counted every Monday, the till is reconciled every evening, and every machine has a service contract. New staff work three shifts beside an experienced colleague before they work alone.

Orders in advance are accepted from the third month, when the team is used to the morning rush. Waste is measured from the first day, with a target below four per cent of purchases.

## Finances

| Item | Amount |
|---|---|
| Opening cost | ${dollars(money.startUp)} |
| Monthly sales at plan | ${dollars(money.monthlySales)} |
| Monthly costs | ${dollars(money.monthlyCosts)} |
| Of which rent | ${dollars(money.monthlyRent)} |
| Monthly surplus | ${dollars(money.monthlySales - money.monthlyCosts)} |

Opening cost covers fitting out, equipment, the first stock, deposits and three months of wages as a reserve. We propose to raise forty per cent as equity and sixty per cent as a bank loan over five years. Sales are planned at half of the target in the first month and reach it in the seventh.

## Risks

- **Fewer customers than planned.** The rent contract has a break after two years, and hours can be cut before staff are.
- **Rising purchase prices.** Prices are reviewed each quarter, and no single supplier delivers more than half of any group of goods.
- **Loss of key staff.** Every task can be done by two people, and the shift leaders share in the surplus.
- **A strong new competitor.** The loyalty programme and the monthly event bind regular customers before one arrives.

## Next steps

1. Choose the site and agree on the main points of the lease within six weeks.
2. Sign the loan and register the company within ten weeks.
3. Fit out the ${name} and hire the team within five months.
4. Hold the tasting days, open quietly for one week, and celebrate the opening in the sixth month.
5. Compare results with this plan every month, and change one thing at a time.
`;
}
