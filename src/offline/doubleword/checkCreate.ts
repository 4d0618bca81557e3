import type { CreateRequest } from './createRequest.ts';
import { checkId } from './ids.ts';
import { Refusal } from './refusal.ts';
import { ALLOWED_URLS } from './requestLines.ts';
import type { Server } from './server.ts';
import type { Account, StoredFile } from './state.ts';
import { windowSeconds } from './windowSeconds.ts';

const UNVERIFIED_PER_HOUR = 1000;

/** The refusals of a create, in the vendor's order; money comes before the file. Returns the input file. */
export function checkCreate(server: Server, request: CreateRequest, account: Account): StoredFile {
  const { window, endpoint } = request;
  if (window === 'background') {
    throw Refusal.text(
      403,
      'Insufficient permissions to Create background inference; assign the BackgroundInferenceUser role to submit this completion_window',
    );
  }
  if (!server.windows.includes(window)) {
    throw Refusal.text(400, `Unsupported completion_window. Allowed values: ${server.windows.join(', ')}`);
  }
  if (!ALLOWED_URLS.some((url) => url === endpoint)) {
    throw Refusal.text(400, `Unsupported endpoint '${endpoint}'. Supported: ${ALLOWED_URLS.join(', ')}`);
  }
  const fileId = checkId(request.inputFileId, 'input_file_id');
  if (account.balance < 0) throw Refusal.noCredit();
  const file = server.state.files.get(fileId);
  if (!file) throw Refusal.text(404, `File with ID ${fileId} not found`);
  if (file.account !== account) {
    throw Refusal.text(403, `Insufficient permissions to Create batch using file ${fileId}`);
  }
  checkModels(server, file, window);
  checkVolume(server, file, window, account);
  return file;
}

function checkModels(server: Server, file: StoredFile, window: string): void {
  for (const id of new Set(file.lines.map((line) => line.model))) {
    const model = server.models.find((candidate) => candidate.id === id);
    if (model?.batch === false) {
      throw Refusal.text(400, `Model '${id}' does not support batch processing.`);
    }
    if (model?.windows && !model.windows.includes(window)) {
      throw Refusal.text(
        400,
        `Model '${id}' does not support completion window '${window}'. Allowed: ${model.windows.join(', ')}`,
      );
    }
  }
}

function checkVolume(server: Server, file: StoredFile, window: string, account: Account): void {
  if (account.verified) return;
  const hours = windowSeconds(window) / 3600;
  const since = server.state.seconds() - windowSeconds(window);
  const submitted = [...server.state.batches.values()]
    .filter((batch) => batch.account === account && batch.window === window && batch.createdAt >= since)
    .reduce((sum, batch) => sum + batch.items.length, 0);
  const most = Math.floor(UNVERIFIED_PER_HOUR * hours);
  if (submitted + file.lines.length <= most) return;
  throw Refusal.tooManyRequests(
    `Unverified accounts can submit at most ${most} request(s) per ${window} completion window. You have ${submitted} in the last ${window}, so this submission of ${file.lines.length} would exceed the limit. Verify your account by adding a payment method or making a payment to remove this limit.`,
  );
}
