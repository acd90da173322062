import { tellOfKubernetesAsDcs } from './kubernetes-dcs.ts';
import { SPILO } from './patroni-on-kubernetes.ts';

// the other modes are in long/
tellOfKubernetesAsDcs('Endpoints, master (as Spilo has it)', 'k8s', SPILO);
