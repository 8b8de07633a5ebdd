import { UnstyledButton } from '@mantine/core';
import { IconTargetArrow } from '@tabler/icons-react';
import { use } from 'react';
import { EvidenceContext } from './evidence-context.js';
import classes from './evidence.module.css';

interface EvidenceBarProps {
  readonly onShow: (path: string) => void;
}

/** The fields for which there is evidence; pressed again, one goes on to its next place. */
export function EvidenceBar({ onShow }: EvidenceBarProps) {
  const { spots, paths, lit, wanted, titleOf } = use(EvidenceContext);
  return (
    <div className={classes.bar} role="group" aria-label="Where values were found">
      <IconTargetArrow size={15} stroke={1.7} aria-hidden="true" className={classes.sign} />
      {paths.map((path) => {
        const places = spots.filter((spot) => spot.path === path);
        const at = path === lit && wanted ? places.indexOf(wanted.spot) : -1;
        return (
          <UnstyledButton key={path} className={classes.field} aria-pressed={path === lit} onClick={() => onShow(path)}>
            {titleOf(path)}
            {places.length > 1 ? <span className="numbers"> {at < 0 ? `×${places.length}` : `${at + 1}/${places.length}`}</span> : null}
          </UnstyledButton>
        );
      })}
    </div>
  );
}
