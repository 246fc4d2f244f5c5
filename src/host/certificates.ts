import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { naming } from './errno.ts';

/**
 * Trusts what the host trusts, beside what Node ships: a company's own authority lives in the system's store. For the
 * whole process, once: a list of its own for each connection is parsed anew each time.
 */
export async function trustSystem(caFile: string | undefined): Promise<void> {
  const own = caFile === undefined ? [] : [await naming(`read ${caFile}`, caFile, () => readFile(caFile, 'utf8'))];
  setDefaultCACertificates([...getCACertificates('default'), ...getCACertificates('system'), ...own]);
}
