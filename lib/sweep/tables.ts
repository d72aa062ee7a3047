/**
 * What a queue's database holds beside the jobs themselves, which are pg-boss's: in the schema
 * `p2p_sweep`, sweeps with their configurations and jobs, results, and how far jobs are.
 *
 * A job belongs to as many sweeps as name it, and has one result, whose row is written in the
 * transaction that completes the job.
 *
 * @module
 */

/** Makes the tables, once, whoever comes first. */
export const TABLES = `
BEGIN;
SELECT pg_advisory_xact_lock(hashtext('p2p_sweep'));
CREATE SCHEMA IF NOT EXISTS p2p_sweep;
CREATE TABLE IF NOT EXISTS p2p_sweep.code (
  queue text PRIMARY KEY,
  commit text NOT NULL,
  deno text NOT NULL
);
CREATE TABLE IF NOT EXISTS p2p_sweep.configuration (
  id text PRIMARY KEY,
  content json NOT NULL,
  data_hash text NOT NULL
);
CREATE TABLE IF NOT EXISTS p2p_sweep.sweep (
  name text PRIMARY KEY,
  digest text NOT NULL,
  queue text NOT NULL,
  metric text NOT NULL,
  cancelled boolean NOT NULL DEFAULT false,
  created timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS p2p_sweep.sweep_configuration (
  sweep text NOT NULL,
  place int NOT NULL,
  configuration text NOT NULL,
  label text NOT NULL,
  parameters json NOT NULL,
  PRIMARY KEY (sweep, place)
);
CREATE TABLE IF NOT EXISTS p2p_sweep.sweep_job (
  sweep text NOT NULL,
  place int NOT NULL,
  seed bigint NOT NULL,
  part int NOT NULL,
  job uuid NOT NULL,
  PRIMARY KEY (sweep, place, seed, part)
);
CREATE INDEX IF NOT EXISTS sweep_job_job ON p2p_sweep.sweep_job (job);
CREATE TABLE IF NOT EXISTS p2p_sweep.result (
  job uuid PRIMARY KEY,
  digest text NOT NULL,
  metrics json NOT NULL,
  series float8[],
  model bytea,
  folder text,
  seconds float8 NOT NULL,
  worker text NOT NULL,
  finished timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS p2p_sweep.progress (
  job uuid PRIMARY KEY,
  worker text NOT NULL,
  note text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
COMMIT;
`;

/**
 * Values by sweep, configuration, seed and metric: parts added up in their order, and of a city what
 * does not add up (`highestPeakKw`, `selfSufficiency`, `meanClearingPricePerKwh`).
 */
const VALUES = `
  parts AS (
    SELECT j.place, j.seed, j.part, r.metrics, r.series
    FROM p2p_sweep.sweep_job j LEFT JOIN p2p_sweep.result r USING (job)
    WHERE j.sweep = $1
  ),
  whole AS (
    SELECT place, seed, bool_or(series IS NOT NULL) AS in_parts
    FROM parts GROUP BY place, seed HAVING bool_and(metrics IS NOT NULL)
  ),
  sums AS (
    SELECT place, seed, m.key AS metric, sum(m.value::float8 ORDER BY part) AS value
    FROM whole JOIN parts USING (place, seed), json_each_text(metrics) m
    GROUP BY place, seed, m.key
  ),
  slots AS (
    SELECT place, seed, sum(s.kwh ORDER BY part) AS kwh
    FROM whole JOIN parts USING (place, seed), unnest(series) WITH ORDINALITY s(kwh, slot)
    WHERE in_parts
    GROUP BY place, seed, s.slot
  ),
  value AS (
    SELECT * FROM sums
    UNION ALL
    SELECT place, seed, 'highestPeakKw', greatest(max(kwh), 0) FROM slots GROUP BY place, seed
    UNION ALL
    SELECT a.place, a.seed, derived.metric, derived.value
    FROM whole
    JOIN sums a ON (a.place, a.seed, a.metric) = (whole.place, whole.seed, 'importKwhPerDay')
    JOIN sums b ON (b.place, b.seed, b.metric) = (a.place, a.seed, 'servedKwhPerDay')
    JOIN sums c ON (c.place, c.seed, c.metric) = (a.place, a.seed, 'turnoverPerDay')
    JOIN sums d ON (d.place, d.seed, d.metric) = (a.place, a.seed, 'tradedKwhPerDay')
    CROSS JOIN LATERAL (VALUES
      ('selfSufficiency', 1 - a.value / nullif(b.value, 0)),
      ('meanClearingPricePerKwh', c.value / nullif(d.value, 0))
    ) derived(metric, value)
    WHERE in_parts AND derived.value IS NOT NULL
  )`;

/**
 * Mean and interval of every metric per configuration of sweep `$1`, seeds in their order, so that
 * the last digits do not depend on who came when. `$2` are Student's quantiles by degrees of
 * freedom, the last for all above.
 */
export const MEANS = `WITH ${VALUES}
SELECT c.place, c.label, c.parameters::text AS parameters, v.metric, count(*)::int AS seeds,
  avg(v.value ORDER BY v.seed) AS mean,
  stddev_samp(v.value ORDER BY v.seed) / sqrt(count(*)) *
    ($2::float8[])[least(count(*) - 1, cardinality($2::float8[]))] AS half
FROM value v JOIN p2p_sweep.sweep_configuration c ON c.sweep = $1 AND c.place = v.place
GROUP BY c.place, c.label, c.parameters::text, v.metric
ORDER BY c.place, v.metric`;

/** Every result of sweep `$1`, in the order of configuration, seed and part. */
export const RESULTS = `
SELECT j.place, c.label, j.seed, j.part, j.job, r.digest, r.metrics::text AS metrics, r.seconds,
  r.folder, r.model IS NOT NULL AS "hasModel"
FROM p2p_sweep.sweep_job j
JOIN p2p_sweep.sweep_configuration c USING (sweep, place)
JOIN p2p_sweep.result r USING (job)
WHERE j.sweep = $1
ORDER BY j.place, j.seed, j.part`;
