/** What is shown of a text where there is no room for all of it. */

/** At most so many UTF-16 units of it, and never half of a character. */
export function beginning(text: string, most: number): string {
  const part = text.slice(0, most);
  return part.isWellFormed() ? part : part.slice(0, -1);
}
