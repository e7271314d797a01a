// Light or dark: as the system says, until the reader says otherwise. public/theme.js sets it before the first paint.
import { effect, signal } from '@preact/signals';

const KEY = 'millrace.theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const chosen = signal(read());
const systemDark = signal(system.matches);

export const isDark = () => (chosen.value ?? (systemDark.value ? 'dark' : 'light')) === 'dark';

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function toggleTheme(): void {
  chosen.value = isDark() ? 'light' : 'dark';
  try {
    localStorage.setItem(KEY, chosen.value);
  } catch {
    // Not remembered where the browser keeps nothing.
  }
}

export function keepTheme(): void {
  system.addEventListener('change', () => (systemDark.value = system.matches));
  effect(() => {
    document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
  });
}
