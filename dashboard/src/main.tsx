import { render } from 'preact';
import './style.css';
import { App } from './app';
import { keepAsking } from './connection';
import { keepFollowing } from './events/follow';
import { keepLocation } from './location';
import { loadForFilter } from './tree/loader';
import { keepTheme } from './ui/theme';

keepTheme();
keepLocation();
loadForFilter();
render(<App />, document.getElementById('app')!);
void keepAsking();
keepFollowing();
