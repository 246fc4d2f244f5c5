import type { Commands } from '../host/commands.ts';
import { type ExecCommand, parseExecProperty, parseExecStart, unitObjectPath } from './exec-start.ts';
import { assignments } from './quoted-words.ts';
import type { EnvironmentFile, UnitFacts } from './service.ts';
import { one, optional, type Properties, words } from './show-output.ts';
import { show } from './systemctl.ts';
import { parseTimeSpan } from './time-span.ts';

const PROPERTIES = [
  'Id',
  'LoadState',
  'UnitFileState',
  'FragmentPath',
  'DropInPaths',
  'ExecStart',
  'User',
  'Group',
  'Environment',
  'EnvironmentFiles',
  'WorkingDirectory',
  'StateDirectory',
  'RootDirectory',
  'RootImage',
  'NeedDaemonReload',
  'TriggeredBy',
  'TimeoutStopUSec',
  'Restart',
  'Type',
] as const;

/** `/etc/x.env (ignore_errors=yes)`. */
function parseEnvironmentFile(text: string): EnvironmentFile {
  const [, path = text, ignore] = /^(.*) \(ignore_errors=(yes|no)\)$/s.exec(text) ?? [];
  return { path, optional: ignore === 'yes' };
}

/** A leading `!` says that a missing directory is no error. */
const parseDirectory = (text: string | undefined): string | undefined => text?.replace(/^!/, '');

function parseFacts(properties: Properties, exec: ExecCommand | undefined): UnitFacts {
  return {
    unit: one(properties, 'Id'),
    loadState: one(properties, 'LoadState'),
    unitFileState: one(properties, 'UnitFileState'),
    fragmentPath: one(properties, 'FragmentPath'),
    dropInPaths: words(properties, 'DropInPaths'),
    execPath: exec?.path,
    execArguments: exec?.args ?? [],
    user: one(properties, 'User'),
    group: one(properties, 'Group'),
    environment: assignments(one(properties, 'Environment')),
    environmentFiles: (properties.get('EnvironmentFiles') ?? [])
      .filter((text) => text !== '')
      .map(parseEnvironmentFile),
    workingDirectory: parseDirectory(optional(properties, 'WorkingDirectory')),
    rootDirectory: optional(properties, 'RootDirectory') ?? optional(properties, 'RootImage'),
    needDaemonReload: one(properties, 'NeedDaemonReload') === 'yes',
    stateDirectories: words(properties, 'StateDirectory').map((name) => `/var/lib/${name}`),
    triggeredBy: words(properties, 'TriggeredBy'),
    timeoutStopMs: parseTimeSpan(one(properties, 'TimeoutStopUSec')),
    restart: one(properties, 'Restart'),
    type: one(properties, 'Type'),
  };
}

/** The bus keeps arguments apart that `systemctl show` joins. A host without busctl or without a bus still has the latter. */
async function execStart(commands: Commands, unit: string, shown: string): Promise<ExecCommand | undefined> {
  const parsed = parseExecStart(shown);
  if (parsed === undefined || (await commands.find('busctl')) === undefined) return parsed;
  const place = ['org.freedesktop.systemd1', unitObjectPath(unit), 'org.freedesktop.systemd1.Service', 'ExecStart'];
  const answer = await commands.query(['busctl', '--json=short', 'get-property', ...place], { timeoutMs: 5000 });
  return (answer.exitCode === 0 ? parseExecProperty(answer.stdout) : undefined) ?? parsed;
}

/** See `ServiceManager.inspect`. */
export async function unitFacts(commands: Commands, unit: string): Promise<UnitFacts | undefined> {
  const properties = await show(commands, unit, PROPERTIES);
  if (one(properties, 'LoadState') === 'not-found') return undefined;
  const exec = await execStart(commands, one(properties, 'Id'), one(properties, 'ExecStart'));
  return parseFacts(properties, exec);
}
