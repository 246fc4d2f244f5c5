/** The PATH of what we start for others: never the caller's, which sudo, cron and a root shell each have another of. */
export const SAFE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
