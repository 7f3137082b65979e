/** Settings of where uploaded files stand. */
import { z } from 'zod';
import { defineSetting, urlOf } from './setting.ts';

export const fileSettings = {
  filesFolder: defineSetting({
    env: 'FILES_FOLDER',
    group: 'files',
    unit: 'path',
    description: 'Folder of the files that people upload, the same for all instances. Not used where a bucket is named.',
    schema: z.string().min(1),
    default: { development: '.sanctum/files', staging: '/var/lib/sanctum/files', production: '/var/lib/sanctum/files' },
  }),
  filesS3Endpoint: defineSetting({
    env: 'FILES_S3_ENDPOINT',
    group: 'files',
    unit: 'http(s):// URL',
    description: 'Object storage that speaks S3, for uploaded files. Left out: FILES_FOLDER.',
    schema: urlOf('http:', 'https:'),
    optional: true,
    example: 'https://s3.example.org',
  }),
  filesS3Bucket: defineSetting({
    env: 'FILES_S3_BUCKET',
    group: 'files',
    unit: 'name',
    description: 'Bucket of the uploaded files; nothing else belongs into it.',
    schema: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not the name of a bucket'),
    default: 'sanctum',
  }),
  filesS3Region: defineSetting({
    env: 'FILES_S3_REGION',
    group: 'files',
    unit: 'name',
    description: 'Region that requests to the bucket are signed for.',
    schema: z.string().min(1),
    default: 'us-east-1',
  }),
  filesS3AccessKey: defineSetting({
    env: 'FILES_S3_ACCESS_KEY',
    group: 'files',
    unit: 'text',
    description: 'Name of the key for the bucket.',
    schema: z.string().min(1),
    optional: true,
    example: 'sanctum-platform',
  }),
  filesS3SecretKey: defineSetting({
    env: 'FILES_S3_SECRET_KEY',
    group: 'files',
    unit: 'text',
    description: 'The key for the bucket.',
    schema: z.string().min(1),
    optional: true,
    secret: true,
  }),
} as const;
