import type { HttpResponse } from '../host/http.ts';
import type { Answer, HttpQuestion } from './health.ts';
import { at, excerpt, parseJson } from './json.ts';

type Judgement = Omit<Answer, 'name'>;

/** The clocks of service and host are read at different instants: so much later than our start an uptime may claim. */
const UPTIME_TOLERANCE_S = 2;

/** Whether a response is the one asked for. Pure. */
export function judgeHttp(question: HttpQuestion, response: HttpResponse, sinceStartMs: number | undefined): Judgement {
  const body = response.body.trim();
  const saw = `${response.status} ${excerpt(body)}`.trim();
  if (response.status !== question.status) return { healthy: false, saw, ...busyIf(response.status) };
  if (question.body !== undefined && body !== question.body) return { healthy: false, saw };
  if (question.contains !== undefined && !response.body.includes(question.contains)) return { healthy: false, saw };
  if (question.json === undefined && question.uptime === undefined) return { healthy: true, saw };
  const json = parseJson(body);
  if (json === undefined) return { healthy: false, saw: `${saw}, which is not JSON` };
  for (const [path, expected] of Object.entries(question.json ?? {})) {
    const value = at(json, path);
    if (value !== expected)
      return { healthy: false, saw: `${path} = ${JSON.stringify(value)}, expected ${JSON.stringify(expected)}` };
  }
  return judgeUptime(question, json, sinceStartMs) ?? { healthy: true, saw };
}

/** Too many requests: an answer of whoever counts them, and none about health. */
export function busyIf(status: number): Pick<Answer, 'busy'> {
  return status === 429 ? { busy: true } : {};
}

function judgeUptime({ uptime }: HttpQuestion, json: unknown, sinceStartMs: number | undefined): Judgement | undefined {
  if (uptime === undefined || sinceStartMs === undefined) return undefined;
  const seconds = at(json, uptime);
  const limit = sinceStartMs / 1000 + UPTIME_TOLERANCE_S;
  if (typeof seconds === 'number' && seconds <= limit) return undefined;
  return {
    healthy: false,
    saw: `${uptime} = ${JSON.stringify(seconds)}, expected at most ${Math.ceil(limit)}: not started by this run`,
  };
}
