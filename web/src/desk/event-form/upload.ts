import { client, Problem, type Schemas } from '../../api.js';
import { language } from '../../i18n/index.js';

export type Progress = (share: number) => void;

/**
 * Sends a picture, and tells how much of it is on its way: only this old way of asking knows. Errors: `Problem`, and another one
 * when the server cannot be reached.
 */
export async function uploadPicture(
  { id, version }: Pick<Schemas['Event'], 'id' | 'version'>,
  file: File,
  progress: Progress,
): Promise<Schemas['Event']> {
  const token = await client.session.token();
  const request = new XMLHttpRequest();
  request.open('PUT', `/api/v1/events/${id}/image`);
  request.setRequestHeader('Authorization', `Bearer ${token}`);
  request.setRequestHeader('Accept-Language', language());
  request.setRequestHeader('If-Match', `"v${version}"`);
  request.setRequestHeader('Content-Type', file.type);
  request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
  await new Promise<void>((resolve, reject) => {
    request.onload = () => resolve();
    request.onerror = () => reject(new Error('The server cannot be reached'));
    request.send(file);
  });
  const { status, statusText, responseText } = request;
  const body = readJson(responseText);
  if (status < 300) return body as Schemas['Event'];
  throw Problem.of(new Response(null, { status, statusText }), body);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
