/** The operators' page: what became of each database's backups, and what the next tick shall do. */
import { Refusal, retryTime } from './api.js';
import { element, onBusy, show, showFailure } from './page.js';
import { callAs, isOperator } from './session.js';

const MINUTE = 60_000;

// A tick comes every five minutes: after three that did not, something is wrong.
const SILENCE = 15 * MINUTE;

const databases = document.querySelector('#databases');
const notices = document.querySelector('#notices');

/** Keys of requests that may have been carried out though no answer came: pressed again, they are the same request. */
const keys = new Map();

// ---------------------------------------------------------------- times

const UNITS = [[MINUTE, 'second', 1000], [90 * MINUTE, 'minute', MINUTE], [36 * 60 * MINUTE, 'hour', 60 * MINUTE], [Infinity, 'day', 24 * 60 * MINUTE]];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
const minuteUtc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** "6 hours ago", "in 17 hours". */
function distance(iso) {
  const away = Date.parse(iso) - Date.now();
  const [, unit, size] = UNITS.find(([below]) => Math.abs(away) < below);
  return unit === 'second' ? 'just now' : relative.format(Math.round(away / size), unit);
}

function age(iso) {
  return element('time', distance(iso), { datetime: iso, title: exact.format(new Date(iso)), 'data-age': '' });
}

function slotText(iso) {
  return `${minuteUtc.format(new Date(iso))} UTC`;
}

/** "45 min", "6 h 20 min", "3 d 4 h". */
function duration(milliseconds) {
  const minutes = Math.round(milliseconds / MINUTE);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts = days ? [[days, 'd'], [hours, 'h']] : [[hours, 'h'], [rest, 'min']];
  return parts.filter(([n]) => n).map(([n, unit]) => `${n} ${unit}`).join(' ') || 'less than a minute';
}

// Told as text that grows old with the page, and not announced.
setInterval(() => {
  for (const time of document.querySelectorAll('time[data-age]')) time.textContent = distance(time.dateTime);
}, 30_000);

// ---------------------------------------------------------------- what is shown of a database

const fine = (...children) => element('p', '', { class: 'fine' }, ...children);
// RDS shouts the status of an export that runs.
const state = ({ status }) => (status ? `, ${status.toLowerCase().replaceAll('_', ' ')}` : '');
const badge = (kind, text) => element('span', text, { class: `badge ${kind}` });

function fact(name, ...content) {
  return element('div', '', {}, element('dt', name), element('dd', '', {}, ...content));
}

/** A measure beside its target: in words, since colour is not for everybody. */
function againstTarget(milliseconds, targetMinutes) {
  if (!targetMinutes) return [duration(milliseconds), fine('no target')];
  const over = milliseconds > targetMinutes * MINUTE;
  return [`${duration(milliseconds)} `, badge(over ? 'bad' : 'good', over ? 'over target' : 'within target'), fine(`target ${duration(targetMinutes * MINUTE)}`)];
}

/** Since when everything written would be lost if the database's region were gone now; without copies, if the database were. */
function newestData({ recoveryCopy, lastBackup, targets }) {
  const newest = recoveryCopy || targets ? recoveryCopy : lastBackup;
  // One that is being made is no data yet. The slot is a little earlier than the data.
  return newest && (newest.status ?? 'available') === 'available' ? newest.dataAt ?? newest.slot ?? newest.at : undefined;
}

/** Why somebody should look at this database, most urgent first; empty if nothing is known. */
function worries(database) {
  const found = [];
  if (database.failures.length) found.push(database.failures.length === 1 ? '1 failure' : `${database.failures.length} failures`);
  if (!database.lastBackup) found.push('no backup yet');
  const data = newestData(database);
  if (data && Date.now() - Date.parse(data) > (database.targets?.rpoMinutes ?? Infinity) * MINUTE) found.push('RPO over target');
  if (database.drill?.verdict === 'failed') found.push('drill failed');
  if (database.export?.warning) found.push('export incomplete');
  return found;
}

const VERDICTS = { passed: 'good', failed: 'bad' };

function drillFact({ drill, drillUnderWay }, otherwise) {
  const content = drill
    ? [badge(VERDICTS[drill.verdict] ?? '', drill.verdict ?? 'undecided'), ' ', age(drill.at ?? drill.slot),
      ...(drill.verdict === 'restored' ? [fine('nothing was recorded to compare it with')] : []),
      ...('rpoSeconds' in drill ? [fine(`restored data was ${duration(drill.rpoSeconds * 1000)} old`)] : []),
      ...(drill.findings.length ? [element('ul', '', { class: 'findings' }, ...drill.findings.map((finding) => element('li', finding)))] : [])]
    : [otherwise];
  if (drillUnderWay) {
    content.push(fine('one is under way, since ', age(drillUnderWay.started ?? drillUnderWay.slot)));
    if (drillUnderWay.complaint) content.push(element('p', drillUnderWay.complaint, { class: 'error' }));
  }
  return fact('Restore drill', ...content);
}

/** Targets without a drill, and a drill without targets, are both possible to see: each region tells its own. */
function hasDrill({ targets, drill, drillUnderWay, nextDrill }) {
  return Boolean(targets ?? drill ?? drillUnderWay ?? nextDrill);
}

function facts(database, recovery) {
  const { lastBackup, recoveryCopy, export: exported, drill, targets } = database;
  const answering = recovery?.status === 'answering';
  const unknown = `unknown while ${recovery?.region} does not answer`;
  const list = [];
  list.push(lastBackup
    ? fact('Last backup', age(lastBackup.at ?? lastBackup.slot), state(lastBackup), fine(element('code', lastBackup.identifier ?? '')))
    : fact('Last backup', 'none yet'));
  if (recovery) {
    list.push(recoveryCopy
      ? fact(`Copy in ${recovery.region}`, age(recoveryCopy.at ?? recoveryCopy.slot), state(recoveryCopy),
        fine(...(recoveryCopy.dataAt ? ['data of ', age(recoveryCopy.dataAt)] : []), ...('copies' in recoveryCopy ? [`, ${recoveryCopy.copies} kept`] : [])))
      : fact(`Copy in ${recovery.region}`, answering ? 'none' : unknown));
  }
  if (exported) {
    list.push(fact('Export', ...(exported.at ? [age(exported.at), state(exported)] : [exported.status ?? 'unknown']), ...(exported.warning ? [element('p', exported.warning, { class: 'error' })] : [])));
  }
  if (hasDrill(database)) list.push(drillFact(database, answering ? 'none yet' : unknown));
  const data = newestData(database);
  if (data) list.push(fact('Data at risk now (RPO)', ...againstTarget(Date.now() - Date.parse(data), targets?.rpoMinutes)));
  if (drill && 'rtoSeconds' in drill) list.push(fact('Restored within (RTO)', ...againstTarget(drill.rtoSeconds * 1000, targets?.rtoMinutes)));
  if (database.nextSlot) list.push(fact('Next backup', age(database.nextSlot)));
  if (database.nextDrill) list.push(fact('Next drill', age(database.nextDrill)));
  return element('dl', '', { class: 'facts' }, ...list);
}

function failure({ reason, stage, identifier, message, remedy }) {
  return element('li', '', {},
    element('strong', reason ?? 'other'), ` in ${stage ?? 'a tick'}`, ...(identifier ? [' of ', element('code', identifier)] : []),
    element('p', message ?? ''),
    ...(remedy ? [element('p', '', {}, element('strong', 'Remedy: '), remedy)] : []));
}

function asked(database, what, instruction) {
  return instruction && fine(`${what} of ${database} is asked for, `, age(instruction.at), '. The next tick begins it.');
}

function actions(database, recovery) {
  const name = database.database;
  const run = element('button', 'Back up now', { type: 'button', 'data-focus': `run#${name}`, 'aria-label': `Back up now: ${name}` });
  run.addEventListener('click', onBusy(run, 'Asking…', () => start('run', name)));
  const buttons = [run];
  if (hasDrill(database) && recovery?.status === 'answering') {
    const drill = element('button', 'Run a drill…', { type: 'button', class: 'quiet', 'data-focus': `drill#${name}`, 'aria-label': `Run a drill…: ${name}` });
    drill.addEventListener('click', () => confirmDrill(name, recovery.region));
    buttons.push(drill);
  }
  return element('div', '', {},
    element('div', '', { class: 'actions' }, ...buttons),
    ...[asked(name, 'A backup', database.run), asked(name, 'A drill', database.drillRun)].filter(Boolean),
    ...(hasDrill(database) && recovery && recovery.status !== 'answering' ? [fine(`A drill can be asked for once ${recovery.region} answers.`)] : []));
}

function stageText({ stage, status, attempt, message }) {
  return `${stage} ${status ?? ''}${attempt > 1 ? ` (attempt ${attempt})` : ''}${message ? `: ${message}` : ''}`;
}

function slotState(slot) {
  const parts = [];
  if (!slot.kept) parts.push('pruned');
  if (slot.held) parts.push(slot.reason ? `held: ${slot.reason}` : 'held');
  if (slot.asked) parts.push(slot.asked.action === 'hold' ? `hold asked for: ${slot.asked.reason}` : 'release asked for');
  return parts.join(' · ');
}

function slotRow(database, slot) {
  const name = database.database;
  // What is asked for counts: a button offers the other.
  const held = slot.asked ? slot.asked.action === 'hold' : slot.held;
  const button = element('button', held ? 'Release' : 'Hold…', {
    type: 'button', class: 'quiet', 'data-focus': `hold#${name}#${slot.slot}`, 'aria-label': `${held ? 'Release' : 'Hold…'}: ${name}, ${slotText(slot.slot)}`,
  });
  button.addEventListener('click', held ? onBusy(button, 'Asking…', () => release(name, slot.slot)) : () => askReason(name, slot.slot));
  const state = slotState(slot);
  return element('li', '', { 'data-slot': slot.slot },
    element('div', '', {},
      element('time', slotText(slot.slot), { datetime: slot.slot, title: exact.format(new Date(slot.slot)) }),
      ...(state ? [' ', badge(slot.held ? 'held' : '', state)] : []),
      fine(slot.stages.map(stageText).join(' · '))),
    ...(slot.kept || slot.held ? [button] : []));
}

function slots(database) {
  const held = database.slots.filter((slot) => slot.held).length;
  const label = `Slots of ${database.database} (${database.slots.length}${held ? `, ${held} held` : ''})`;
  return element('details', '', { 'data-details': database.database },
    element('summary', label, { 'data-focus': `slots#${database.database}` }),
    database.slots.length
      ? element('ul', '', { class: 'lines slots' }, ...database.slots.map((slot) => slotRow(database, slot)))
      : fine('None yet.'));
}

function card(database, recovery) {
  const found = worries(database);
  const id = `database-${database.database}`;
  return element('section', '', { class: 'card database', 'aria-labelledby': id, 'data-database': database.database },
    element('header', '', {},
      element('h2', database.database, { id }),
      found.length ? badge('bad', found.join(', ')) : badge('good', 'well')),
    ...(database.failures.length ? [element('ul', '', { class: 'failures', 'aria-label': `Failures of ${database.database}` }, ...database.failures.map(failure))] : []),
    facts(database, recovery),
    actions(database, recovery),
    slots(database));
}

// ---------------------------------------------------------------- the page

function notice(...content) {
  return element('p', '', { class: 'notice' }, ...content);
}

function silent(where, at) {
  return at && Date.now() - Date.parse(at) > SILENCE ? [notice(`The last tick of ${where} was `, age(at), '. Ticks come every five minutes: look at the function’s log and its schedule. What is shown may be out of date.')] : [];
}

function outage({ region, status }) {
  if (status === 'unreachable') {
    return [notice(`The recovery region ${region} does not answer. Copies are shown as this region last knew them; its drills are unknown, and a hold reaches this region alone.`)];
  }
  return status === 'refused' ? [notice(`The recovery region ${region} refuses this page’s function: its permissions or the table’s name are wrong, and the function’s log says which. Backups go on.`)] : [];
}

function render(view) {
  const open = new Set([...databases.querySelectorAll('details[open]')].map((details) => details.dataset.details));
  const { recovery } = view;
  document.querySelector('#seen').replaceChildren(`Plan ${view.plan}`, ...(view.at ? [', as of ', age(view.at)] : []));
  document.querySelector('#overview').hidden = false;
  notices.replaceChildren(
    ...(view.at ? silent('this region', view.at) : [notice('No tick has written anything yet. The first one comes within five minutes of the deployment.')]),
    ...(recovery ? [...outage(recovery), ...silent(recovery.region, recovery.at)] : []));
  databases.replaceChildren(...view.databases.map((database) => card(database, recovery)));
  for (const details of databases.querySelectorAll('details')) details.open = open.has(details.dataset.details);
}

/** API Gateway forbids what it does not have, so that it is an operator's token that tells the one from the other. */
async function showRefusal(error) {
  const forbidden = error instanceof Refusal && error.status === 403 && error.type === 'forbidden';
  if (forbidden && !(await isOperator())) {
    show('rejected', 'You are not an operator', element('p', 'This page is for members of the group operators. Once somebody has added you to it, sign out and in again.'));
  } else if (forbidden || (error instanceof Refusal && error.status === 404)) {
    show('rejected', 'There are no backups here', element('p', 'Backups are switched off in this deployment: its API does not have them.'));
  } else {
    showFailure(error, error.status === 401 ? 'You are not signed in' : 'The backups could not be loaded');
  }
}

/** Shows how it is now; true if that was possible. */
async function load() {
  databases.setAttribute('aria-busy', 'true');
  try {
    render((await callAs('GET', '/backups')).body);
    return true;
  } catch (error) {
    await showRefusal(error);
    return false;
  } finally {
    databases.removeAttribute('aria-busy');
  }
}

/** After what was asked for: the buttons are new ones, and whoever uses a keyboard goes on where they were. */
async function loadAgain(focus) {
  await load();
  document.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
}

async function start(action, database) {
  const name = `${action}#${database}`;
  if (!keys.has(name)) keys.set(name, crypto.randomUUID());
  show('submitting', 'Asking…');
  try {
    const { body } = await callAs('POST', `/backups/${database}/${action === 'run' ? 'runs' : 'drills'}`, { headers: { 'Idempotency-Key': `"${keys.get(name)}"` } });
    keys.delete(name);
    await loadAgain(name);
    show('success', `${action === 'run' ? 'A backup' : 'A drill'} of ${database} is asked for`, element('p', `Its slot is ${slotText(body.slot)}. The next tick begins it, within five minutes.`));
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) keys.delete(name);
    failed(error, `${action === 'run' ? 'The backup' : 'The drill'} of ${database} was not asked for`);
  }
}

function failed(error, title) {
  if (error instanceof Refusal && error.status === 503) {
    show('outage', title, element('p', `Its region does not answer. Please try again ${retryTime(error.response)}.`));
  } else {
    showFailure(error, title);
  }
}

/** Holds or releases; says where that could not be asked. */
async function mark(method, database, slot, json) {
  const what = `The backup of ${database} of ${slotText(slot)}`;
  const [done, undone] = json ? ['will be held', 'is not held'] : ['will be released', 'is not released'];
  show('submitting', 'Asking…');
  try {
    const { body } = await callAs(method, `/backups/${database}/slots/${slot}/hold`, { json });
    await loadAgain(`hold#${database}#${slot}`);
    if (!body.recovery || body.recovery.status === 'answering') {
      show('success', `${what} ${done}`, element('p', 'From the next tick on.'));
    } else {
      show('rejected', `${what} ${done} in this region alone`, element('p', `${body.recovery.region} could not be asked. Please do it again once that region answers.`));
    }
  } catch (error) {
    failed(error, `${what} ${undone}`);
  }
}

const release = (database, slot) => mark('DELETE', database, slot);

// ---------------------------------------------------------------- questions

const question = document.querySelector('#question');
const reason = document.querySelector('#reason');
const yes = document.querySelector('#question-yes');
let answer = null;

/** Asks in a dialog, which gives the focus back; with `withReason` for one that can be a tag of RDS. */
function ask(title, text, yesText, withReason, then) {
  document.querySelector('#question-title').textContent = title;
  document.querySelector('#question-text').textContent = text;
  yes.textContent = yesText;
  reason.closest('.field').hidden = !withReason;
  reason.value = '';
  setReasonFault('');
  answer = then;
  question.showModal();
}

function setReasonFault(text) {
  document.querySelector('#reason-error').textContent = text;
  if (text) reason.setAttribute('aria-invalid', 'true');
  else reason.removeAttribute('aria-invalid');
}

question.querySelector('form').addEventListener('submit', (event) => {
  if (!reason.closest('.field').hidden && !/^(?=.*[\p{L}\p{N}])[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u.test(reason.value.trim())) {
    event.preventDefault();
    setReasonFault('Enter a reason of letters, digits, spaces and the characters _ . : / = + - @');
    reason.focus();
    return;
  }
  answer();
});
document.querySelector('#question-no').addEventListener('click', () => question.close());

function askReason(database, slot) {
  ask(`Hold the backup of ${slotText(slot)}`, `The snapshot of ${database} and its copy are not pruned until somebody releases them.`, 'Hold', true,
    () => mark('PUT', database, slot, { reason: reason.value.trim() }));
}

function confirmDrill(database, region) {
  ask(`Run a drill of ${database} now?`, `The newest copy is restored in ${region}, checked and deleted again. That takes an hour or more, and costs a database instance for as long.`, 'Run the drill', false,
    () => start('drill', database));
}

// ---------------------------------------------------------------- start

const reload = document.querySelector('#reload');
reload.addEventListener('click', onBusy(reload, 'Loading…', async () => {
  if (await load()) show('success', 'Up to date');
}));

show('submitting', 'Loading the backups…');
if (await load()) show('idle');
