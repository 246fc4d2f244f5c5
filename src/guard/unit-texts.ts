import type { Watch } from './guard.ts';

/** The rest of a line, where quotes mean themselves. */
const line = (text: string): string => text.replaceAll('%', '%%');

/** One word that is not expanded. Source: systemd.unit(5), systemd.syntax(7), "Quoting". */
const word = (text: string): string =>
  `"${line(text)
    .replace(/[\\"]/g, '\\$&')
    .replace(/(?=\p{ASCII})\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;

/** As `word`, where `$` would be a variable: only command lines know those. Source: systemd.service(5), "Command lines". */
const commandWord = (text: string): string => word(text).replaceAll('$', '$$$$');

/**
 * It only starts the worker's own unit and ends: a start that blocked inside the transaction of a boot would hang it. A worker
 * that lives has that unit's name, so that the start is refused: no failure (`-`), and no limit to how often.
 */
export const serviceText = ({
  installation,
  argv,
  stateDirectory,
}: Watch): string => `# refit is changing ${installation}. This file goes when it is done; until then \`refit status\` says more.
[Unit]
Description=${line(`refit's guard of ${installation}`)}
StartLimitIntervalSec=0
RequiresMountsFor=${word(stateDirectory)}

[Service]
Type=oneshot
ExecStart=-${argv.map(commandWord).join(' ')}
`;

/**
 * Steady clocks only: setting the host's clock neither calls it nor keeps it away. Not OnBootSec=: its time has passed when the
 * timer is armed, so that a look would come in the middle of the stop; a boot starts the timer, and OnActiveSec= counts from there.
 */
export const timerText = ({ installation, intervalMs }: Watch): string => `[Unit]
Description=${line(`refit's guard of ${installation}`)}

[Timer]
OnActiveSec=${intervalMs}ms
OnUnitActiveSec=${intervalMs}ms
AccuracySec=1s

[Install]
WantedBy=timers.target
`;
