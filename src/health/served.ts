import { createHash } from 'node:crypto';
import type { Host } from '../host/host.ts';
import type { Answer, AskContext, Question } from './health.ts';
import { busyIf } from './judge.ts';

/** Downloads what the service serves, hashing only, and compares. The bytes go nowhere. */
export async function askServed(
  host: Pick<Host, 'http'>,
  question: Extract<Question, { kind: 'served' }>,
  { timeoutMs, stop }: AskContext,
): Promise<Omit<Answer, 'name'>> {
  const response = await host.http.stream(question.url, {
    connectTimeoutMs: timeoutMs,
    stallTimeoutMs: timeoutMs,
    maxRedirects: 0,
    ...(stop === undefined ? {} : { stop }),
  });
  try {
    if (response.status !== 200) return { healthy: false, saw: `${response.status}`, ...busyIf(response.status) };
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > question.maxBytes) return { healthy: false, saw: `more than ${question.maxBytes} bytes` };
      hash.update(chunk);
    }
    const sha256 = hash.digest('hex');
    const same = sha256 === question.sha256;
    return { healthy: same, saw: same ? `${size} bytes as staged` : `sha256 ${sha256}, expected ${question.sha256}` };
  } finally {
    await response.close();
  }
}
