import { useParams } from '@tanstack/react-router';
import { LinkPage } from './link.page.js';

export function SignedInLinkPage() {
  const { token } = useParams({ from: '/links/$token' });
  return <LinkPage key={token} token={token} />;
}
