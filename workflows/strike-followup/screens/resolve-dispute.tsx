// What was found beside what the operator says of it: the two that the person has to settle between. Papers that came along stand beside the
// form, below both.
import { Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Documents, GeneratedForm, useScreen } from '@stepwell/screens';
import type { ResolveDispute } from './resolve-dispute.screen.js';

const POSITIONS = {
  agreed: 'The operator agrees',
  disputed: 'The operator disputes it',
  unanswered: 'The operator did not answer',
};

export default function ResolveDisputeScreen() {
  const { strike, operator } = useScreen<ResolveDispute>().props;
  const cost = strike.costTotal.toLocaleString('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
  const facts = { Report: strike.reportId, Airport: strike.airport, Aircraft: strike.aircraft, 'Flight date': strike.flightDate };
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
        <Paper component="section" withBorder radius="md" p="md" aria-label="What we found">
          <Title order={2} size="h5">
            We found it substantial
          </Title>
          <Text size="sm" my={6}>
            {strike.species}, {cost} in all.
          </Text>
          <dl style={{ margin: 0 }}>
            {Object.entries(facts).map(([name, value]) => (
              <Group key={name} gap={8} wrap="nowrap" align="baseline">
                <Text component="dt" size="sm" c="dimmed" miw={90}>
                  {name}
                </Text>
                <Text component="dd" size="sm" m={0}>
                  {value}
                </Text>
              </Group>
            ))}
          </dl>
          {strike.note ? (
            <Text size="sm" mt={8}>
              The reviewer noted: “{strike.note}”
            </Text>
          ) : null}
        </Paper>
        <Paper component="section" withBorder radius="md" p="md" aria-label="What the operator says">
          <Title order={2} size="h5">
            {POSITIONS[operator.letter]}
          </Title>
          <Text size="sm" c="dimmed" mt={6}>
            {strike.operator}
          </Text>
          <Text component="blockquote" size="sm" m={0} mt={4}>
            {operator.statement}
          </Text>
        </Paper>
      </SimpleGrid>
      {strike.papers?.length ? (
        <SimpleGrid type="container" cols={{ base: 1, '700px': 2 }} spacing="sm" verticalSpacing={0}>
          <Documents />
          <GeneratedForm />
        </SimpleGrid>
      ) : (
        <GeneratedForm />
      )}
    </Stack>
  );
}
