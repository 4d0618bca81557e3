/** The password in a URL, as the server knows it; undefined when there is none, or no URL. */
export function passwordOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { password } = new URL(url);
  try {
    return decodeURIComponent(password) || undefined;
  } catch {
    return password;
  }
}
