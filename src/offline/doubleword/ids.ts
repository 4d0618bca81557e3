import { Refusal } from './refusal.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids are bare UUIDs; the prefixed ids of webhooks and of the vendor's own samples are refused. */
export function checkId(id: string | undefined, what: 'file ID' | 'input_file_id' | 'batch ID'): string {
  if (id === undefined || !UUID.test(id)) throw Refusal.text(400, `Invalid ${what} format`);
  return id;
}
