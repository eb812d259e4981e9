/** The account's page: sign up, confirm, sign in, one's own profile, sign out. One form is shown at a time. */
import { Refusal, call } from './api.js';
import { dialled, element, onBusy, show, showFailure } from './page.js';
import { callAs, isOperator, signIn, signOut, signedInAs } from './session.js';

const steps = ['sign-in', 'sign-up', 'confirm', 'profile'];
const formOf = (step) => document.querySelector(`#${step}`);

// From sign-up to the code, which is for that sign-up alone, and the sign-in that follows. All is gone with the page.
let pending = { email: '', password: '', accountId: '' };
let profileTag = null;

function go(step) {
  for (const other of steps) formOf(other).hidden = other !== step;
  document.querySelector('#title').textContent = formOf(step).dataset.title;
  formOf(step).querySelector('input:not([type=hidden])')?.focus();
}

/** Marks the fields that the browser or the API refuses; true if there are none. */
function valid(form, faults = []) {
  let first = null;
  for (const field of form.querySelectorAll('input')) {
    const fault = faults.find((f) => f.pointer === `/${field.name}`);
    const message = fault ? `${field.labels[0].textContent} ${fault.detail}.` : field.validity.valid ? '' : field.dataset.fault;
    document.querySelector(`#${field.id}-error`).textContent = message;
    if (message) {
      field.setAttribute('aria-invalid', 'true');
      first ??= field;
    } else {
      field.removeAttribute('aria-invalid');
    }
  }
  first?.focus();
  return first === null;
}

function failed(form, error, title) {
  if (error instanceof Refusal && error.status === 400 && error.body?.errors && !valid(form, error.body.errors)) show('invalid', 'Please check what you entered');
  else if (error instanceof Refusal && error.type === 'not-signed-in') show('rejected', title, element('p', 'The address and the password do not belong together. If you never entered the code we sent you, please make the account again.'));
  else showFailure(error, title);
}

function onSubmit(step, busyText, title, work) {
  const form = formOf(step);
  form.addEventListener('submit', onBusy(form.querySelector('button[type=submit]'), busyText, async () => {
    if (!valid(form)) {
      show('invalid', 'Please check what you entered');
      return;
    }
    show('submitting', busyText);
    try {
      await work(Object.fromEntries(new FormData(form)));
    } catch (error) {
      failed(form, error, title);
    }
  }));
}

/** Where the visitor came from: a page of this site, whatever the address bar says. */
function next() {
  const path = new URLSearchParams(location.search).get('next') ?? '';
  return /^\/[a-z]+$/.test(path) ? path : null;
}

async function enter() {
  if (next()) {
    location.assign(next());
    return;
  }
  show('idle');
  await showProfile();
}

async function showProfile() {
  const { body, headers } = await callAs('GET', '/users/me');
  profileTag = headers.get('ETag');
  const form = formOf('profile');
  document.querySelector('#signed-in-as').textContent = body.email;
  form.elements.name.value = body.name ?? '';
  form.elements.phone.value = body.phone ?? '';
  go('profile');
  void showBackups(); // Not waited for: nobody came for it.
}

/** Shows operators the way to their page, unless the API says that it has none: whoever made the group may have no backups. */
async function showBackups() {
  const link = document.querySelector('#backups');
  link.hidden = true;
  if (!(await isOperator())) return;
  try {
    await callAs('GET', '/backups');
  } catch (error) {
    // In an outage the page is there, and tells more.
    if (error instanceof Refusal && [401, 403, 404].includes(error.status)) return;
  }
  link.hidden = !(await isOperator());
}

onSubmit('sign-up', 'Creating your account…', 'Your account was not made', async ({ email, password }) => {
  const { body } = await call('POST', '/session/sign-up', { json: { email: email.trim(), password } });
  pending = { email: email.trim(), password, accountId: body.accountId };
  document.querySelector('#confirm-email').textContent = pending.email;
  show('success', 'Check your mail', element('p', 'We sent a code to your address. If you have an account already, sign in instead.'));
  go('confirm');
});

onSubmit('confirm', 'Checking the code…', 'The code was not accepted', async ({ code }) => {
  await call('POST', '/session/confirm', { json: { accountId: pending.accountId, code: code.trim() } });
  if (!pending.password) {
    show('success', 'Your address is confirmed', element('p', 'Please sign in.'));
    go('sign-in');
    return;
  }
  await signIn(pending.email, pending.password);
  pending.password = '';
  await enter();
});

onSubmit('sign-in', 'Signing in…', 'You are not signed in', async ({ email, password }) => {
  try {
    await signIn(email.trim(), password);
  } catch (error) {
    if (error.type !== 'address-not-confirmed') throw error;
    show('rejected', 'Your address is not confirmed', element('p', 'Please make the account again, and enter the code that we send you.'));
    go('sign-up');
    return;
  }
  formOf('sign-in').reset();
  await enter();
});

onSubmit('profile', 'Saving…', 'Your profile was not saved', async ({ name, phone }) => {
  const digits = dialled(phone);
  try {
    const { headers } = await callAs('PUT', '/users/me', {
      json: { name: name.trim(), ...(digits && { phone: digits }) },
      headers: profileTag ? { 'If-Match': profileTag } : {},
    });
    profileTag = headers.get('ETag');
    show('success', 'Your profile is saved');
  } catch (error) {
    if (error.status !== 412) throw error;
    await showProfile();
    show('rejected', 'Your profile was changed elsewhere', element('p', 'This is how it is now. Please make your change again.'));
  }
});

const resend = document.querySelector('#resend');
resend.addEventListener('click', onBusy(resend, 'Sending…', async () => {
  try {
    await call('POST', '/session/resend-code', { json: { accountId: pending.accountId } });
    show('success', 'Another code is on its way');
  } catch (error) {
    showFailure(error, 'No code was sent');
  }
}));

const leave = document.querySelector('#sign-out');
leave.addEventListener('click', onBusy(leave, 'Signing out…', async () => {
  try {
    await signOut();
    show('success', 'You are signed out');
    go('sign-in');
  } catch (error) {
    showFailure(error, 'You are still signed in');
  }
}));

for (const link of document.querySelectorAll('button[data-step]')) {
  link.addEventListener('click', () => {
    show('idle');
    go(link.dataset.step);
  });
}

try {
  if (await signedInAs()) await showProfile();
  else go('sign-in');
} catch (error) {
  go('sign-in');
  showFailure(error, 'Your account could not be loaded');
}
for (const button of document.querySelectorAll('form button')) button.disabled = false;
