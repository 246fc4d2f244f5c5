/** The person behind sudo, for the journal and the log. */
export function whoAsks(environment: Readonly<Record<string, string>>, uid: number): string {
  return environment['SUDO_USER'] ?? environment['USER'] ?? environment['LOGNAME'] ?? `uid ${uid}`;
}
