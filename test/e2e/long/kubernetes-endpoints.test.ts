import { tellOfKubernetesAsDcs } from '../kubernetes-dcs.ts';
import { CUSTOM, PRIMARY } from '../patroni-on-kubernetes.ts';

tellOfKubernetesAsDcs('Endpoints, primary', 'k8s-ep', { ...PRIMARY, use_endpoints: true });
tellOfKubernetesAsDcs('Endpoints, labels of our own', 'k8s-ec', { ...CUSTOM, use_endpoints: true });
