/** From the environment to a listening server, or to a sentence about why not. */
import { verifyFiles } from '@sanctum/migrations/verify';
import { type Config, ConfigError, type Environment, loadConfig } from './config/config.ts';
import { verifySchema } from './db/verify-schema.ts';
import { leaveProcess } from './leave-process.ts';
import { createLogger } from './telemetry/logging.ts';

/** Exit codes of the process: 2 is wrong configuration, 1 everything else that keeps it from starting. */
const exitConfiguration = 2;
const exitFailure = 1;

export async function start(environment: Environment): Promise<void> {
  let config: Config;
  try {
    config = loadConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    leaveProcess(exitConfiguration);
  }
  const logger = createLogger({ level: config.logLevel });
  try {
    const files = await verifyFiles();
    // The rest of the server is loaded and built while the database answers; what is wrong there is thrown before the port opens.
    const verification = verifySchema(files, config.databaseUrl, logger).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const { serve } = await import('./serve.ts');
    await serve(config, logger, files.codeHead, async () => {
      const wrong = await verification;
      if (wrong !== undefined) throw wrong.error;
    });
  } catch (error) {
    logger.fatal({ error }, 'the platform did not start');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    leaveProcess(exitFailure);
  }
}
