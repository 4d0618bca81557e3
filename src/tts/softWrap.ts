/** Whether `next` carries `line` on: plain text that goes on in lower case on the next line. */
export function isSoftWrap(line: string, next: string): boolean {
  return /^\p{Ll}/u.test(next) && line.trim() !== '' && !/^\s*(#|[-*+•]\s|>|\||\d+[.)]\s)/.test(line);
}
