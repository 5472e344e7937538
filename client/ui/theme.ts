/**
 * Light, dark, or as the system has it. The choice is of this device and small, so it is kept where index.html can read
 * it before the first paint.
 */

export type Theme = 'system' | 'light' | 'dark';

export const themes: readonly Theme[] = ['system', 'light', 'dark'];

export function readTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function chooseTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') {
    localStorage.removeItem('theme');
    delete root.dataset['theme'];
  } else {
    localStorage.setItem('theme', theme);
    root.dataset['theme'] = theme;
  }
}
