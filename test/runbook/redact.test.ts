import { expect, test } from 'vitest';
import { isSecretKey, redact, secretsIn } from '../../src/runbook/redact.ts';

test.each(['DOCKMESH_JWT_SECRET', 'GITHUB_TOKEN', 'DB_PASSWORD', 'SMTP_PASS', 'S3_API_KEY', 'AGE_KEY', 'DATABASE_DSN'])(
  '%s is kept back',
  (key) => {
    expect(isSecretKey(key)).toBe(true);
  },
);

test.each(['DOCKMESH_SECRETS_PATH', 'DOCKMESH_HTTP_ADDR', 'TOKEN_FILE', 'PATH', 'KEYBOARD', 'PASSENGERS'])(
  '%s is shown',
  (key) => {
    expect(isSecretKey(key)).toBe(false);
  },
);

test('values of secret variables go wherever they stand, the longer one first', () => {
  const secrets = secretsIn({ A_TOKEN: 'abcdef', B_SECRET: 'abcdef-and-more', HTTP_ADDR: ':80800', SHORT_KEY: 'on' });
  expect(secrets).toEqual(['abcdef', 'abcdef-and-more']);
  expect(redact('x=abcdef-and-more y=abcdef on :80800', secrets)).toBe('x=[redacted] y=[redacted] on :80800');
});

test.each([
  ['initial password: hunter22 for admin', 'initial password: [redacted] for admin'],
  ['{"api_key":"k-1","port":8080}', '{"api_key":"[redacted]","port":8080}'],
  ['DM_TOKEN=dmt_51855f2a', 'DM_TOKEN=[redacted]'],
  ['Authorization: Bearer abc.def-1', 'Authorization: Bearer [redacted]'],
  ['cookie eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln end', 'cookie [redacted] end'],
  ['postgres://dm:pw1@db/dm', 'postgres://dm:[redacted]@db/dm'],
  ['-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\nnext', '[redacted]\nnext'],
  ['-----BEGIN PRIVATE KEY-----\ncut off', '[redacted]'],
  ['AGE-SECRET-KEY-1QQQ', '[redacted]'],
])('%j', (text, shown) => {
  expect(redact(text, [])).toBe(shown);
});

test.each([
  'Cannot start dockmesh.service at v0.2.13: saw exit code 1',
  'GET http://127.0.0.1:8080/api/v1/health 200',
  'tokenizer ready',
  '{"sha256":"aaaa","path":"/var/lib/dockmesh/secrets.env"}',
])('%j says no secret', (text) => {
  expect(redact(text, [])).toBe(text);
});
