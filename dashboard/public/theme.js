// Runs before the first paint, so that a chosen theme does not flash.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem('millrace.theme');
  } catch {
    // The browser keeps nothing; the system's theme is used.
  }
  document.documentElement.dataset.theme =
    theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
})();
