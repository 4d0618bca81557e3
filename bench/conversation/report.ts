import Table from 'cli-table3';

export interface Row {
  readonly measure: string;
  readonly value: string;
  readonly aim?: string;
  readonly met?: boolean | undefined;
}

export function table(title: string, rows: readonly Row[]): string {
  const table = new Table({
    head: [title, 'measured', 'aim', ''],
    colWidths: [46, 92, 14, 8],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { measure, value, aim = '', met } of rows) {
    table.push([measure, value, aim, met === undefined ? '' : met ? 'met' : 'MISSED']);
  }
  return table.toString();
}
