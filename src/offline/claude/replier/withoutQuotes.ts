/** Without the names of tasks, whose words say nothing about what happened. */
export function withoutQuotes(text: string): string {
  return text.replace(/(?<![a-z])(["“'‘])[^"”\n]{1,200}?["”'’](?![a-z])/gi, '');
}
