import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { compare } from './compare.ts';
import type { Answer, AskContext, Health, Question } from './health.ts';
import { judgeHttp } from './judge.ts';
import { observe } from './observe.ts';
import { remembered } from './remembered.ts';
import { askServed } from './served.ts';

/** Health over the host's sockets. */
export function hostHealth(host: Pick<Host, 'http' | 'clock'>): Health {
  return {
    async ask(question, context) {
      try {
        return { name: question.name, ...(await put(host, question, context)) };
      } catch (error) {
        if (error instanceof RefitError) return { name: question.name, healthy: false, saw: error.message };
        throw error;
      }
    },
    remembered,
    compare,
    observe: (rows, context) => observe(host, rows, context),
  };
}

async function put(host: Pick<Host, 'http'>, question: Question, context: AskContext): Promise<Omit<Answer, 'name'>> {
  const { token, timeoutMs } = context;
  const stop = context.stop === undefined ? {} : { stop: context.stop };
  switch (question.kind) {
    case 'http': {
      const headers = question.token === true && token !== undefined ? { authorization: `Bearer ${token}` } : {};
      const response = await host.http.request(question.url, { headers, timeoutMs, ...stop });
      return judgeHttp(question, response, context.sinceStartMs);
    }
    case 'tls': {
      const { subject } = await host.http.dialTls({ host: question.host, port: question.port, timeoutMs });
      return { healthy: true, saw: `TLS, certificate of ${subject}` };
    }
    case 'tcp': {
      const open = await host.http.dialTcp({ host: question.host, port: question.port, timeoutMs });
      return { healthy: open, saw: open ? 'open' : 'closed' };
    }
    case 'served':
      return askServed(host, question, context);
  }
}
