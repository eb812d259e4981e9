/**
 * Who is signed in. Tokens live in this module's memory alone; what outlasts the page is a cookie that no script can read, for which
 * the API gives new tokens.
 */
import { Refusal, call } from './api.js';

// Says only that asking for new tokens may be worth a request. It is no proof of anything.
const HINT = 'juniper.signed-in';

// A token that ends while a request is on its way would be refused.
const MARGIN = 60_000;

let tokens = null; // { idToken, claims, endsAt }
let refreshing = null;

// Signed out, or in as someone else, in another tab: what this one holds is not whom the visitor sees there.
addEventListener('storage', (event) => {
  if (event.key === HINT || event.key === null) tokens = null;
});

/** What a token says, unverified: for showing, never for deciding. That is the API's. */
function claimsOf(token) {
  const text = atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
}

function keep({ idToken, expiresIn }) {
  tokens = { idToken, claims: claimsOf(idToken), endsAt: Date.now() + expiresIn * 1000 };
  localStorage.setItem(HINT, '1');
}

function forget() {
  tokens = null;
  localStorage.removeItem(HINT);
}

async function refresh() {
  try {
    keep((await call('POST', '/session/refresh')).body);
  } catch (error) {
    // Only this answer says that the session is over; after any other the cookie may still be good.
    if (!(error instanceof Refusal && error.status === 401)) throw error;
    forget();
  }
}

/** The ID token for the header Authorization, or null when nobody is signed in. Throws when that could not be found out. */
export async function idToken() {
  if (tokens && tokens.endsAt - MARGIN > Date.now()) return tokens.idToken;
  if (!localStorage.getItem(HINT)) return null;
  // Asked for once, however many ask at the same time.
  refreshing ??= refresh().finally(() => { refreshing = null; });
  await refreshing;
  return tokens?.idToken ?? null;
}

/** The address of who is signed in, or null. */
export async function signedInAs() {
  return (await idToken()) && tokens.claims.email;
}

/** Whether the token says that who is signed in may see the backups: for showing the way there. */
export async function isOperator() {
  return Boolean(await idToken()) && (tokens.claims['cognito:groups'] ?? []).includes('operators');
}

export async function signIn(email, password) {
  keep((await call('POST', '/session/sign-in', { json: { email, password } })).body);
}

export async function signOut() {
  await call('POST', '/session/sign-out');
  forget();
}

/** A call on behalf of who is signed in. Throws a Refusal of status 401 when nobody is, or no longer. */
export async function callAs(method, path, options = {}) {
  const token = await idToken();
  if (!token) throw new Refusal(new Response(null, { status: 401 }), null);
  return call(method, path, { ...options, token });
}
