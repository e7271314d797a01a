// Loads a module of the page's source into Node: what is pure in it needs no browser.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const home = fileURLToPath(new URL('..', import.meta.url));

export const load = async (path) =>
  (await runnerImport(`${home}/src/${path}`, { root: home, configFile: false, logLevel: 'silent' })).module;
