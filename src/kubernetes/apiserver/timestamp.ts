export {formatTime as timestamp} from '../../api/condition-set.ts'
