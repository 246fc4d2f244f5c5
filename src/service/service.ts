/** As systemd names them. A crash loop is `activating` between two starts, with `restarts` growing. */
export type Activity = 'active' | 'activating' | 'deactivating' | 'inactive' | 'failed';

/** What is true of the service now. One look; nothing is remembered between two. */
export interface ServiceState {
  /** A start that is queued and has not begun is `activating`, so that a look just after `start` does not read as a death. */
  readonly activity: Activity;
  /** The manager's own finer word: `running`, `auto-restart`, `start-pre`, `stop-sigterm`. For people. */
  readonly detail: string;
  /** Of the main process, while it runs. */
  readonly pid: number | undefined;
  /** Opaque. Two looks that agree on `pid` and `startedAt` saw the same process. */
  readonly startedAt: string | undefined;
  /** Starts by Restart= since the last start by somebody (NRestarts). Always 0 under the embedded manager. */
  readonly restarts: number;
  /** `success`, `exit-code`, `signal`, `timeout`, `start-limit-hit`, `assert` …: systemd's Result= of the last start or stop. */
  readonly result: string;
  /** Of the last main process, once it has ended by exit. The embedded manager never knows it: nothing of it stays to wait. */
  readonly exitCode: number | undefined;
  /** Signal number that ended the last main process, if one did. */
  readonly exitSignal: number | undefined;
}

export interface EnvironmentFile {
  readonly path: string;
  /** Written with a leading `-`: a missing file is no error. */
  readonly optional: boolean;
}

/** How the unit is set up, as its manager has it loaded (not as its files read now: see `needDaemonReload`). */
export interface UnitFacts {
  /** The unit's own name, where an alias was asked for. Everything else here wants this one. */
  readonly unit: string;
  /** `loaded`, `masked`, `bad-setting`, `error`. A unit that does not exist has no facts at all. */
  readonly loadState: string;
  /** `enabled`, `disabled`, `static`, `masked`, `generated` …; empty under the embedded manager. */
  readonly unitFileState: string;
  /** Empty where there is none: transient, embedded. */
  readonly fragmentPath: string;
  readonly dropInPaths: readonly string[];
  /** Of the first ExecStart, `undefined` where the unit has none. */
  readonly execPath: string | undefined;
  /** Its arguments, without the program. On a host without a bus one that holds a space comes apart. */
  readonly execArguments: readonly string[];
  /** Empty: root, or whoever we are under the embedded manager. */
  readonly user: string;
  readonly group: string;
  /** Environment= alone; the files' contents come on top of it and win. */
  readonly environment: Readonly<Record<string, string>>;
  /** In the order in which they are read; a later one wins. */
  readonly environmentFiles: readonly EnvironmentFile[];
  readonly workingDirectory: string | undefined;
  /**
   * StateDirectory=, absolute. At a start as somebody else than its owner systemd gives one of these and all below it to them,
   * whoever owns what is in it; nothing where the directory itself is theirs already (systemd 252, path_chown_recursive).
   */
  readonly stateDirectories: readonly string[];
  /** RootDirectory= or RootImage=: paths of the unit are not paths of this host. */
  readonly rootDirectory: string | undefined;
  /** Unit files changed since they were loaded. `armHold` reloads, so those changes would come along. */
  readonly needDaemonReload: boolean;
  /** Sockets, timers, paths that start the unit by themselves. */
  readonly triggeredBy: readonly string[];
  /** TimeoutStopUSec in milliseconds: from SIGTERM to SIGKILL. `undefined` for infinity. */
  readonly timeoutStopMs: number | undefined;
  /** Restart=: `no`, `on-failure`, `always` … */
  readonly restart: string;
  /** Type=: `simple`, `exec`, `notify`, `forking`, `oneshot` … */
  readonly type: string;
}

/** What keeps everybody else from starting the service while its files are being changed. */
export interface Hold {
  readonly unit: string;
  /** While this file exists the service cannot be started. Absolute, in a directory that exists. */
  readonly marker: string;
  /** Must be mounted before a start: on a host where it is not yet, a missing marker would mean nothing. Absolute. */
  readonly stateDirectory: string;
}

export interface Stopped {
  /** From the order to stop until no process was left, in milliseconds. */
  readonly ms: number;
  /** The last main process was ended by SIGKILL or after its time: its data is as after a crash. */
  readonly killed: boolean;
  /** Of the unit, still running although the service is stopped (KillMode=process, a child that holds on). */
  readonly remaining: readonly number[];
  /** As seen at the end, so that nobody has to look again in the window. */
  readonly state: ServiceState;
}

/** A process that is not of this unit. */
export interface Stranger {
  readonly pid: number;
  /** The unit it belongs to, if any: another installation; `undefined` for one started by hand. */
  readonly unit: string | undefined;
}

/**
 * Starts, stops and watches one kind of services. Nothing here waits for the service to be *ready*: that is health's.
 * Errors of all methods: E_SERVICE_UNKNOWN where the unit does not exist, E_COMMAND_* where the manager does not answer,
 * and the errors of files.
 * Source of the systemd names: org.freedesktop.systemd1(5), systemd.service(5), systemd.exec(5).
 */
export interface ServiceManager {
  readonly kind: 'systemd' | 'embedded';
  /** `undefined` where there is no such unit. */
  inspect(unit: string): Promise<UnitFacts | undefined>;
  /** Under systemd one child, under the embedded manager a few reads of /proc. */
  state(unit: string): Promise<ServiceState>;
  /**
   * Before every stop, while the service still runs (a daemon-reload is slow): from now on neither a boot, nor Restart=, nor
   * a stranger's start can start it. Durable when it resolves. Can be called again, after a crash in the middle too.
   */
  armHold(hold: Hold): Promise<void>;
  /**
   * Waits for the stop itself: a killed `systemctl` does not cancel it. `timeoutMs` = the facts' `timeoutStopMs` and 10 s, so
   * that the manager's own SIGKILL comes first. A service that is stopped already is fine. E_SERVICE_STOP if it is still
   * alive at the end.
   */
  stop(unit: string, options: { readonly timeoutMs: number }): Promise<Stopped>;
  /**
   * Removes the marker of `hold`, forgets earlier failures (a good old binary is refused after a crash loop otherwise) and
   * starts. Resolves when the start was accepted, long before the service is ready: a slow migration at boot is not a
   * failure. E_SERVICE_START if it was refused, with the manager's words. Without `hold` it is a stranger's start, which a
   * standing hold refuses. Does nothing to a service that runs.
   */
  start(unit: string, hold: Hold | undefined): Promise<void>;
  /** Takes away everything that `armHold` left; nothing there is fine. The service may run. */
  releaseHold(hold: Hold): Promise<void>;
  /** After a unit file or a drop-in was changed. */
  reload(): Promise<void>;
  /** Where the service's log ends now, for `logsSince`. */
  logCursor(unit: string): Promise<string>;
  /** The newest `maxLines` lines since then, oldest first; under systemd also what the manager says about the unit. */
  logsSince(unit: string, cursor: string, options: { readonly maxLines: number }): Promise<readonly string[]>;
  /** The host is going down, or the manager is not there to be asked: starts are refused and prove nothing about a release. */
  managerStopping(): Promise<boolean>;
  /** Processes of this host (not of its containers) that run `execPath`, also when it was replaced since, outside the unit. */
  strangers(unit: string, execPath: string): Promise<readonly Stranger[]>;
  /**
   * How long the last starts took until that line was logged, a few, newest first, in milliseconds. Empty where nothing tells: the
   * embedded manager, an unreadable log, a service that says itself when it is ready.
   */
  recentStarts(unit: string, line: string): Promise<readonly number[]>;
  /** Those of these processes that are alive and not of the unit. */
  outside(unit: string, pids: readonly number[]): Promise<readonly Stranger[]>;
}
