/** The storage that the settings name. */
import type { Config } from '../config/config.ts';
import type { Files } from './files.ts';
import { createFolderFiles } from './folder-files.ts';
import { createS3Files } from './s3-files.ts';

export type FilesConfig = Pick<
  Config,
  'filesFolder' | 'filesS3Endpoint' | 'filesS3Bucket' | 'filesS3Region' | 'filesS3AccessKey' | 'filesS3SecretKey'
>;

/** Throws where a storage is named and its key is not. */
export function createFiles(config: FilesConfig): Files {
  const { filesS3Endpoint, filesS3AccessKey, filesS3SecretKey } = config;
  if (filesS3Endpoint === undefined) return createFolderFiles({ folder: config.filesFolder });
  if (filesS3AccessKey === undefined || filesS3SecretKey === undefined)
    throw new Error(
      'FILES_S3_ENDPOINT is set and its key is not: set FILES_S3_ACCESS_KEY and FILES_S3_SECRET_KEY, or leave the endpoint out',
    );
  return createS3Files({
    endpoint: filesS3Endpoint,
    bucket: config.filesS3Bucket,
    region: config.filesS3Region,
    accessKeyId: filesS3AccessKey,
    secretAccessKey: filesS3SecretKey,
  });
}
